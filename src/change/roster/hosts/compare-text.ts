/** Texts as Python sorts them: by code points. */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let index = 0; index < length; index += 1) {
    const left = a.charCodeAt(index)
    const right = b.charCodeAt(index)
    if (left === right) continue
    // A surrogate is a half of a code point above all that are one unit.
    const leftHigh = left >= 0xd800 && left < 0xe000
    const rightHigh = right >= 0xd800 && right < 0xe000
    return leftHigh === rightHigh ? left - right : leftHigh ? 1 : -1
  }
  return a.length - b.length
}
