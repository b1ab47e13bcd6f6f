// What went wrong, why, how to try again, and the id that the operator can look for.
import { Problem } from "../core/api.js";
import { t } from "../core/messages.js";
import { reason } from "../core/notices.js";
import { h } from "../vue.js";
import { Button } from "./Button.js";
import { Icon } from "./Icon.js";

/** @param {{ error: unknown }} props @param {import("../vue.d.ts").Context} context */
export const ErrorNotice = ({ error }, { emit }) =>
  h("div", { class: "error-notice", role: "alert" }, [
    h(Icon, { name: "triangle-alert" }),
    h("p", reason(error)),
    h(Button, { label: t("retry"), icon: "refresh-cw", onClick: () => emit("retry") }),
    error instanceof Problem && error.requestId ? h("p", { class: "hint" }, t("error.requestId", { id: error.requestId })) : null,
  ]);
ErrorNotice.props = ["error"];
ErrorNotice.emits = ["retry"];
