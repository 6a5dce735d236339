export function inYaml(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(wordOf).join(', ')}]`
  if (typeof value !== 'object' || value === null) return show(value)
  const members = Object.entries(value).map(([name, member]) => `${name}: ${wordOf(member)}`)
  return `{ ${members.join(', ')} }`
}

const WORD = /^(?!(?:true|false|null|yes|no|on|off|[yn])$)[a-z][\w./-]*$/i

const wordOf = (value: unknown) => (typeof value === 'string' && WORD.test(value) ? value : inYaml(value))

export function show(value: unknown): string {
  const text = JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}
