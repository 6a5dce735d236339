/** Whether a text is as a glob says: `*` is any text, `?` any one character; nothing else is special. */
export function globMatches(pattern: string, text: string): boolean {
  let star = -1
  let resume = 0
  let p = 0
  let t = 0
  while (t < text.length) {
    if (pattern[p] === '*') {
      star = p
      resume = t
      p += 1
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === text[t])) {
      p += 1
      t += 1
    } else if (star >= 0) {
      resume += 1
      p = star + 1
      t = resume
    } else return false
  }
  return /^\**$/.test(pattern.slice(p))
}
