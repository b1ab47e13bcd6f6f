// Gives the filters and the order at hand a name, to come back to them.
import { randomKey } from "../core/api.js";
import { t } from "../core/messages.js";
import { tell } from "../core/notices.js";
import { route } from "../core/router.js";
import { hrefOf, keptQuery, layoutOf, savedViews, saveView } from "../tasks/savedViews.js";
import { defineComponent, h, ref } from "../vue.js";
import { Button } from "./Button.js";
import { Dialog } from "./Dialog.js";
import { useForm } from "./useForm.js";

export const SaveViewButton = defineComponent({
  name: "SaveViewButton",
  setup() {
    const isOpen = ref(false);
    let key = randomKey();
    const form = useForm({ name: "" }, async ({ name }) => {
      const layout = layoutOf(route.path);
      if (!layout) return;
      await saveView({ name, layout, query: keptQuery(route.query), pinned: true }, key);
      isOpen.value = false;
      form.values.name = "";
      key = randomKey();
      tell(t("views.saved", { name }));
    });
    /** There is something to save, and it has no name yet. */
    const isWanted = () => {
      const query = keptQuery(route.query);
      const address = query ? `${route.path}?${query}` : route.path;
      return Boolean(query) && layoutOf(route.path) !== undefined && !savedViews.all.some((view) => hrefOf(view) === address);
    };
    return () => [
      isWanted() ? h(Button, { kind: "quiet", icon: "star", label: t("views.save"), onClick: () => void (isOpen.value = true) }) : null,
      isOpen.value
        ? h(
          Dialog,
          { title: t("views.save"), onClose: () => void (isOpen.value = false) },
          () =>
            h("form", { class: "dialog-form", onSubmit: form.submit }, [
              form.field("name", { label: t("views.name"), required: true, maxlength: 100, autocomplete: "off" }),
              form.message ? h("p", { class: "fault", role: "alert" }, form.message) : null,
              h("div", { class: "dialog-actions" }, [
                h(Button, { label: t("cancel"), onClick: () => void (isOpen.value = false) }),
                h(Button, { type: "submit", kind: "primary", label: t("save"), busy: form.isBusy }),
              ]),
            ]),
        )
        : null,
    ];
  },
});
