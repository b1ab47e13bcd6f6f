// A table over a list that comes in pages (see core/cursorList.js): what goes wrong, that it loads, that it is empty, and “more”.
import { t } from "../core/messages.js";
import { h } from "../vue.js";
import { Button } from "./Button.js";
import { DataTable } from "./DataTable.js";
import { EmptyState } from "./EmptyState.js";
import { ErrorNotice } from "./ErrorNotice.js";

/**
 * @param {{ list: ReturnType<typeof import("../core/cursorList.js").useCursorList>, empty: Parameters<typeof EmptyState>[0], label: string, columns: import("./DataTable.js").Column[], keyOf?: (row: any) => string | number, rowClass?: (row: any) => string }} props
 */
export const PagedTable = ({ list, empty, ...table }) => {
  if (list.error) return h(ErrorNotice, { error: list.error, onRetry: list.reload });
  if (list.isLoading) return h("p", { class: "hint", role: "status" }, t("loading"));
  if (!list.items.length) return h(EmptyState, empty);
  return [
    h(DataTable, { ...table, rows: list.items }),
    list.cursor
      ? h(Button, { class: "more", label: t("showMore"), icon: "chevron-down", busy: list.isLoadingMore, onClick: list.more })
      : null,
  ];
};
PagedTable.props = ["list", "empty", "label", "columns", "keyOf", "rowClass"];
