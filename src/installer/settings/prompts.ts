import { type PromptName, promptSounds } from "../../contract/names.ts";

export interface Prompt {
  readonly name: PromptName;
  /** The spoken English text, one for each of its sounds (promptSounds). */
  readonly en: readonly string[];
  readonly ru: readonly string[];
  readonly heardBy: "transferer" | "caller" | "mobile";
  readonly when: string;
}

/**
 * Every prompt of a transfer: the words, the listener and the occasion. assets/make-sounds.sh, the `prompt_...`
 * settings and the reference are all derived from this table.
 */
export const prompts: readonly Prompt[] = [
  {
    name: "dial",
    en: ["Dial the extension."],
    ru: ["Наберите номер."],
    heardBy: "transferer",
    when: "they pressed the transfer key",
  },
  {
    name: "invalid",
    en: ["That is not a valid extension."],
    ru: ["Неверный номер."],
    heardBy: "transferer",
    when: "they entered nothing, or no extension to which they may transfer this call",
  },
  {
    name: "unavailable",
    en: ["That extension is not available."],
    ru: ["Этот номер недоступен."],
    heardBy: "transferer",
    when: "the receiver is offline and has no mobile",
  },
  {
    name: "forbidden",
    en: ["You cannot transfer calls from this phone."],
    ru: ["С этого телефона нельзя переводить звонки."],
    heardBy: "transferer",
    when: "the key was pressed on a phone that may not transfer, which has picked up another one's call",
  },
  {
    name: "busy",
    en: ["The line is busy.", "Please stay on the line,", "or press one", "to go back."],
    ru: ["Номер занят.", "Ждите на линии,", "или нажмите один,", "чтобы вернуться."],
    heardBy: "caller",
    when: "the receiver is busy, before the wait in their line",
  },
  {
    name: "position",
    en: ["You are number."],
    ru: ["Вы номер."],
    heardBy: "caller",
    when: "they wait in the line behind others, before their position",
  },
  {
    name: "occupied",
    en: ["That extension is busy."],
    ru: ["Этот номер занят."],
    heardBy: "transferer",
    when: "the receiver is busy, and `busy = ask`",
  },
  {
    name: "waiting",
    en: ["Callers already waiting."],
    ru: ["Уже ждут на линии."],
    heardBy: "transferer",
    when: "after `occupied`, before how many wait for the receiver",
  },
  {
    name: "ask",
    en: ["Press one and your caller waits,", "or dial another extension."],
    ru: ["Нажмите один, и звонящий подождёт,", "или наберите другой номер."],
    heardBy: "transferer",
    when: "after `occupied`: they decide",
  },
  {
    name: "voicemail",
    en: ["To leave a message,", "press two."],
    ru: ["Для сообщения", "нажмите два."],
    heardBy: "caller",
    when: "after `busy`, if the receiver has voicemail",
  },
  {
    name: "takeback",
    en: ["There is no caller to take back."],
    ru: ["Некого вернуть."],
    heardBy: "transferer",
    when: "they dialled `takeback_code`, and no caller of theirs is still on the way",
  },
  {
    name: "accept",
    en: ["You have a transferred call.", "Press one to accept."],
    ru: ["Вам переводят звонок.", "Чтобы принять, нажмите один."],
    heardBy: "mobile",
    when: "whoever answers the receiver's mobile must accept the call",
  },
  {
    name: "returning",
    en: ["Returning you to the person you were speaking with."],
    ru: ["Возвращаем вас к предыдущему собеседнику."],
    heardBy: "caller",
    when: "the call goes back to the transferer",
  },
  {
    name: "goodbye",
    en: ["Nobody is available. Please call again later. Goodbye."],
    ru: ["Никто не отвечает. Перезвоните, пожалуйста, позже. До свидания."],
    heardBy: "caller",
    when: "nobody took the call, the transferer neither, and there is no fallback",
  },
];

/** The sound names of a prompt in order, below soundFolder. */
export function soundsOf({ name }: Prompt): string[] {
  return promptSounds[name].split("&").map((sound) => sound.slice(sound.lastIndexOf("/") + 1));
}
