/** The numbers of a range list as EOS writes it: `10,20-22` is 10, 20, 21, 22. Parts that are no numbers are left out. */
export function parseRange(text: string): readonly number[] {
  const numbers: number[] = []
  for (const part of text.split(',')) {
    const [, first = '', last = first] = /^\s*(\d+)(?:-(\d+))?\s*$/.exec(part) ?? []
    if (first === '') continue
    for (let value = Number(first); value <= Number(last); value += 1) numbers.push(value)
  }
  return numbers
}

/** A range list of ascending numbers: 10, 20, 21, 22 is `10,20-22`. */
export function printRange(numbers: readonly number[]): string {
  const parts: string[] = []
  for (let at = 0; at < numbers.length; ) {
    let end = at
    while (numbers[end + 1] === (numbers[end] ?? 0) + 1) end += 1
    parts.push(end === at ? `${numbers[at]}` : `${numbers[at]}-${numbers[end]}`)
    at = end + 1
  }
  return parts.join(',')
}
