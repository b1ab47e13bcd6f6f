// English: the pages around an account, seen without a log-in.

export default {
  "link.incomplete": "This link is incomplete. Open the one in the mail again, or copy all of it into the address bar.",
  "link.stale": "This link does not work any more: it was used, it has expired, or a newer link was sent. Request a new link.",

  "login.noCookies":
    "This browser blocks the cookies of this site. You can log in, but every reload logs you out. Allow cookies here to stay logged in.",

  "setup.text": "Create the first admin. You are logged in afterwards.",
  "setup.action": "Create admin",
  "setup.noToken": "This link is incomplete. Open the link that the server printed when it started.",
  "setup.staleToken": "This link does not work any more. Open the link that the server printed at its last start.",
  "setup.isDone": "TaskFlow is set up already.",
  "setup.isNeeded": "TaskFlow is not set up yet. Open the set-up link that the server printed when it started; you find it in its log.",

  "register.closed": "You cannot create an account here. Ask an admin to create one for you.",

  "reset.ask": "Forgot your password?",
  "reset.ask.text": "You get a mail with a link that lets you choose a new one.",
  "reset.ask.action": "Send the mail",
  "reset.asked": "If there is an account with this address, a mail is on its way. Check your spam folder, too.",
  "reset.noMail": "This server sends no mails. Ask the person who runs it to give you a new password.",
  "reset.text": "When you change it, you are logged out everywhere.",
  "reset.password": "New password",
  "reset.action": "Change password",
  "reset.changed": "Your password is changed. Log in with the new one.",
  "reset.back": "Back to the login",

  "verify.text": "Mails about your tasks come to this address once you confirm it.",
  "verify.action": "Confirm",
  "verify.done": "Your address is confirmed.",

  "revert.text":
    "Somebody changed the address of your account. If you did not do this, restore your address. All sessions end, and you get a mail to choose a new password.",
  "revert.action": "Restore the address",
  "revert.done": "Your account has its old address again. Look for the mail that lets you choose a new password.",

  "unsubscribe.text": "You no longer get this kind of mail. You still get other kinds of mail.",
  "unsubscribe.action": "Switch them off",
  "unsubscribe.done": "You no longer get these mails. You can switch them on again in the settings.",
};
