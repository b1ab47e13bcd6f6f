// German: the pages around an account, seen without a log-in.

export default {
  "link.incomplete": "Dieser Link ist unvollständig. Öffne den Link in der Mail noch einmal, oder kopiere ihn ganz in die Adresszeile.",
  "link.stale": "Dieser Link gilt nicht mehr: Er wurde benutzt, ist zu alt, oder es kam ein neuerer. Lass dir einen neuen schicken.",

  "login.noCookies":
    "Dieser Browser blockiert die Cookies dieser Seite. Du kannst dich anmelden, aber jedes Neuladen meldet dich ab. Erlaube hier Cookies, um angemeldet zu bleiben.",

  "setup.text": "Lege den ersten Admin an. Danach bist du angemeldet und kannst loslegen.",
  "setup.action": "Admin anlegen",
  "setup.noToken": "Dieser Link ist unvollständig. Öffne den Link, den der Server beim Start ausgegeben hat.",
  "setup.staleToken": "Dieser Link gilt nicht mehr. Öffne den Link, den der Server beim letzten Start ausgegeben hat.",
  "setup.isDone": "TaskFlow ist schon eingerichtet.",
  "setup.isNeeded":
    "TaskFlow ist noch nicht eingerichtet. Öffne den Link, den der Server beim Start ausgegeben hat; er steht in seinem Protokoll.",

  "register.closed": "Hier kann sich niemand selbst ein Konto anlegen. Bitte einen Admin darum.",

  "reset.ask": "Passwort vergessen?",
  "reset.ask.text": "Du bekommst eine Mail mit einem Link, über den du ein neues wählst.",
  "reset.ask.action": "Mail schicken",
  "reset.asked": "Wenn es ein Konto mit dieser Adresse gibt, ist eine Mail unterwegs. Sieh auch im Spam-Ordner nach.",
  "reset.noMail": "Dieser Server verschickt keine Mails. Bitte die Person, die ihn betreibt, um ein neues Passwort.",
  "reset.text": "Mit der Änderung wirst du überall abgemeldet.",
  "reset.password": "Neues Passwort",
  "reset.action": "Passwort ändern",
  "reset.changed": "Dein Passwort ist geändert. Melde dich mit dem neuen an.",
  "reset.back": "Zurück zur Anmeldung",

  "verify.text": "Mails zu deinen Aufgaben kommen an diese Adresse, sobald du sie bestätigst.",
  "verify.action": "Bestätigen",
  "verify.done": "Deine Adresse ist bestätigt.",

  "revert.text":
    "Jemand hat die Adresse deines Kontos geändert. Hol sie zurück, wenn du das nicht warst: Alle werden abgemeldet, und eine Mail an deine Adresse lässt dich ein neues Passwort wählen.",
  "revert.action": "Adresse zurückholen",
  "revert.done": "Dein Konto hat wieder die alte Adresse. Sieh nach der Mail, mit der du ein neues Passwort wählst.",

  "unsubscribe.text": "Du bekommst keine Mails mehr wie die, aus der du kommst. Andere Arten von Mails kommen weiter.",
  "unsubscribe.action": "Abschalten",
  "unsubscribe.done": "Diese Mails kommen nicht mehr. In den Einstellungen kannst du sie wieder einschalten.",
};
