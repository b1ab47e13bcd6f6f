// What a mailed link does when it is clicked a second time, here: mail programs open links by themselves, so that the link alone changes nothing.
import { Button } from "../../components/Button.js";
import { t } from "../../core/messages.js";
import { reason } from "../../core/notices.js";
import { Problem } from "../../core/api.js";
import { Link } from "../../core/router.js";
import { session } from "../../core/session.js";
import { defineComponent, h, nextTick, ref, watch } from "../../vue.js";
import { AccountCard } from "./AccountCard.js";
import { forgetLinkToken, useLinkToken } from "./useLinkToken.js";

/** The way on from an account page. */
export const wayOn = () =>
  session.state === "active"
    ? h(Link, { to: "/", class: "button button-primary" }, () => t("error.home"))
    : h(Link, { to: "/login", class: "button button-primary" }, () => t("logIn"));

export const LinkAction = defineComponent({
  name: "LinkAction",
  props: ["title", "text", "action", "run", "done"],
  setup(props) {
    const token = useLinkToken();
    const isDone = ref(false);
    const isBusy = ref(false);
    const fault = ref("");
    watch(() => token.value, () => {
      isDone.value = false;
      fault.value = "";
    });
    async function act() {
      isBusy.value = true;
      fault.value = "";
      try {
        await props.run(token.value);
        isDone.value = true;
        forgetLinkToken();
        await nextTick();
        // The button that had the focus is gone.
        /** @type {HTMLElement | null} */ (document.querySelector("main a"))?.focus();
      } catch (error) {
        fault.value = error instanceof Problem && error.errors.length ? t("link.stale") : reason(error);
      } finally {
        isBusy.value = false;
      }
    }
    return () => {
      if (isDone.value) return h(AccountCard, { title: props.title, text: props.done }, wayOn);
      if (!token.value) return h(AccountCard, { title: props.title, text: t("link.incomplete") }, wayOn);
      return h(AccountCard, { title: props.title, text: props.text }, () => [
        fault.value ? h("p", { class: "fault", role: "alert" }, fault.value) : null,
        h(Button, { kind: "primary", label: props.action, busy: isBusy.value, onClick: act }),
      ]);
    };
  },
});
