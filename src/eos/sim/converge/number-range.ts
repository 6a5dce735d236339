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
