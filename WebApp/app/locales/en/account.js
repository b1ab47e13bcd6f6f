// English: the pages around an account, seen without a log-in.

export default {
  "link.incomplete": "This link is incomplete. Open the one in the mail again, or copy all of it into the address bar.",
  "link.stale": "This link does not work any more: it was used, it is too old, or a newer one was sent. Ask for another one.",

  "login.noCookies":
    "This browser blocks the cookies of this site. You can log in, but every reload logs you out. Allow cookies here to stay logged in.",

  "setup.text": "Create the first admin. You are then logged in, and can begin.",
  "setup.action": "Create admin",
  "setup.noToken": "This link is incomplete. Open the one that the server printed when it started.",
  "setup.staleToken": "This link does not work any more. Open the one that the server printed when it started last.",
  "setup.isDone": "TaskFlow is set up already.",
  "setup.isNeeded": "TaskFlow is not set up yet. Open the set-up link that the server printed when it started; you find it in its log.",

  "register.closed": "New accounts are not open here. Ask an admin to create one for you.",

  "reset.ask": "Forgot your password?",
  "reset.ask.text": "You get a mail with a link that lets you choose a new one.",
  "reset.ask.action": "Send the mail",
  "reset.asked": "If there is an account with this address, a mail is on its way. Look into your spam folder, too.",
  "reset.noMail": "This server sends no mails. Ask the person who runs it to give you a new password.",
  "reset.text": "You are logged out everywhere when it is changed.",
  "reset.password": "New password",
  "reset.action": "Change password",
  "reset.changed": "Your password is changed. Log in with the new one.",
  "reset.back": "Back to the log-in",

  "verify.text": "Mails about your tasks come to this address once you confirm it.",
  "verify.action": "Confirm",
  "verify.done": "Your address is confirmed.",

  "revert.text":
    "Somebody changed the address of your account. Take it back if that was not you: everybody is logged out, and a mail to your address lets you choose a new password.",
  "revert.action": "Take the address back",
  "revert.done": "Your account has its old address again. Look for the mail that lets you choose a new password.",

  "unsubscribe.text": "You get no more mails like the one that you came from. Other kinds of mail go on coming.",
  "unsubscribe.action": "Switch them off",
  "unsubscribe.done": "These mails do not come any more. You can switch them on again in the settings.",
};
