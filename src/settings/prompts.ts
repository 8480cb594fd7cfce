/**
 * Every prompt that a transfer can play: what is said, to whom and when. The sounds (assets/make-sounds.sh), the
 * `prompt_...` settings and the dialplan all go by this table.
 */
export const prompts = [
  {
    name: "dial",
    en: "Dial the extension.",
    ru: "Наберите номер.",
    heardBy: "transferer",
    when: "he pressed the transfer key",
  },
  {
    name: "invalid",
    en: "That is not a valid extension.",
    ru: "Неверный номер.",
    heardBy: "transferer",
    when: "he keyed in nothing, or no extension that he may transfer this call to",
  },
  {
    name: "unavailable",
    en: "That extension is not available.",
    ru: "Этот номер недоступен.",
    heardBy: "transferer",
    when: "the receiver is offline and has no mobile",
  },
  {
    name: "busy",
    en: "The line is busy. Please stay on the line, or press one to go back.",
    ru: "Номер занят. Оставайтесь на линии или нажмите один, чтобы вернуться.",
    heardBy: "caller",
    when: "the receiver is busy, before the wait in his line",
  },
  {
    name: "accept",
    en: "You have a transferred call. Press one to accept.",
    ru: "Вам переводят звонок. Чтобы принять, нажмите один.",
    heardBy: "mobile",
    when: "whoever answers the receiver's mobile must accept the call",
  },
  {
    name: "returning",
    en: "Returning you to the person you were speaking with.",
    ru: "Возвращаем вас к предыдущему собеседнику.",
    heardBy: "caller",
    when: "the call goes back to the transferer",
  },
  {
    name: "goodbye",
    en: "Nobody is available. Please call again later. Goodbye.",
    ru: "Никто не отвечает. Перезвоните, пожалуйста, позже. До свидания.",
    heardBy: "caller",
    when: "nobody took the call, the transferer neither, and there is no fallback",
  },
] as const;
