/**
 * Whether a text may stand in a command as a name: one word, and nothing that EOS or its shell takes for a pipe, a redirection, a quote, a
 * variable or a second command.
 */
export function isNameInCommand(text: string): boolean {
  return /^[\w.:/@+=,~%^*()[\]{}-]+$/.test(text)
}
