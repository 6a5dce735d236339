export const USUAL_WIDTH = 80

/** A text of at most so many columns: `…` replaces the middle of a longer one, so that beginning and end can be read. */
export function cutMiddle(text: string, width: number): string {
  const letters = [...text]
  if (letters.length <= width) return text
  const kept = Math.max(0, width - 1)
  return `${letters.slice(0, Math.ceil(kept / 2)).join('')}…${letters.slice(letters.length - Math.floor(kept / 2)).join('')}`
}

/** A text in lines of at most `width` columns, broken at blanks; every line but the first is indented by `hang`. What has no blank where it must be broken is broken within, so that no line is longer. */
export function wrapped(text: string, { width, hang }: { readonly width: number; readonly hang: number }): string[] {
  const lines: string[] = []
  let rest = [...text]
  while (rest.length > room(lines.length)) {
    const most = room(lines.length)
    const blank = rest.lastIndexOf(' ', most)
    // A blank within the margin of the first line is no place to break at.
    const at = blank > 0 && rest.slice(0, blank).some((letter) => letter !== ' ') ? blank : most
    lines.push(rest.slice(0, at).join('').trimEnd())
    rest = [...rest.slice(at).join('').trimStart()]
  }
  if (rest.length > 0 || lines.length === 0) lines.push(rest.join(''))
  return lines.map((line, index) => (index === 0 ? line : `${' '.repeat(hang)}${line}`))

  function room(index: number) {
    return Math.max(1, index === 0 ? width : width - hang)
  }
}
