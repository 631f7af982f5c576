/** The page's language, with dates as its server writes them: English as in Britain, 24 hours to the day. */
const { lang } = document.documentElement;

export const LOCALE = lang === "en" ? "en-GB" : lang;
