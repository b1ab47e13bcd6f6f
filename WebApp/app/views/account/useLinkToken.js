// The token of a mailed link. It stands in the fragment, which browsers do not send; a newer link opened in the same tab changes the fragment only.
import { onUnmounted, ref } from "../../vue.js";

const read = () => new URLSearchParams(location.hash.slice(1)).get("token") ?? "";

export function useLinkToken() {
  const token = ref(read());
  const follow = () => void (token.value = read());
  addEventListener("hashchange", follow);
  onUnmounted(() => removeEventListener("hashchange", follow));
  return token;
}

/** Once it was used: it is worth nothing any more, and does not belong into the history. */
export const forgetLinkToken = () => history.replaceState(history.state, "", location.pathname);
