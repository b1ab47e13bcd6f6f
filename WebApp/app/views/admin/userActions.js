// What an admin does to an account. Each dangerous action says what it will do before it does it.
import { patch, post, remove } from "../../core/api.js";
import { confirm } from "../../core/confirm.js";
import { t } from "../../core/messages.js";
import { tell, tellFailure } from "../../core/notices.js";
import { withRecentPassword } from "../../core/recentPassword.js";

/** @typedef {import("../../core/session.js").User & { is_active: boolean, created_at: string }} Account */

/** @param {Account} user */
export const nameOf = (user) => user.name ?? user.username ?? user.email;

/**
 * @param {Account} user
 * @param {Record<string, any>} changes
 * @param {string} words
 * @returns {Promise<Account | null>}
 */
async function change(user, changes, words) {
  try {
    const answer = await withRecentPassword(() => patch(`/users/${user.id}`, changes, { ifMatch: `"${user.version}"` }));
    if (!answer) return null;
    tell(words);
    return answer.data;
  } catch (error) {
    tellFailure(error);
    return null;
  }
}

/** @param {Account} user */
export async function switchRole(user) {
  const role = user.role === "admin" ? "user" : "admin";
  const name = nameOf(user);
  const isSure = await confirm({
    title: t(`users.${role}.ask`, { name }),
    text: t(`users.${role}.text`, { name }),
    action: t(`users.${role}`),
  });
  return isSure ? change(user, { role }, t(`users.${role}.done`, { name })) : null;
}

/** @param {Account} user */
export async function switchActive(user) {
  const name = nameOf(user);
  if (!user.is_active) return change(user, { is_active: true }, t("users.activated", { name }));
  const isSure = await confirm({
    title: t("users.deactivate.ask", { name }),
    text: t("users.deactivate.text", { name }),
    action: t("users.deactivate"),
  });
  return isSure ? change(user, { is_active: false }, t("users.deactivated", { name })) : null;
}

/** @param {Account} user */
export async function mailPasswordLink(user) {
  try {
    await post("/auth/password-reset", { email: user.email }, { anonymous: true });
    tell(t("users.passwordSent", { email: user.email }));
  } catch (error) {
    tellFailure(error);
  }
}

/** @param {Account} user @returns {Promise<boolean>} */
export async function deleteUser(user) {
  const name = nameOf(user);
  if (
    !await confirm({
      title: t("users.delete.ask", { name }),
      text: t("users.delete.text", { name, email: user.email }),
      action: t("users.delete"),
    })
  ) return false;
  try {
    if (!await withRecentPassword(() => remove(`/users/${user.id}`, { ifMatch: `"${user.version}"` }))) return false;
    tell(t("users.deleted", { name }));
    return true;
  } catch (error) {
    tellFailure(error);
    return false;
  }
}
