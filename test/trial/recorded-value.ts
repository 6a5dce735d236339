/** Stands for what differs from recording to recording: `<uuid:1>`. */
const PLACEHOLDER = /<+[A-Za-z_][\w \-:.>]*?>/g

/**
 * Where a value differs from a recorded one; undefined when it does not. The recordings hold text that is JSON as the
 * value it says, and placeholders for ids, dates and names.
 */
export function differenceFrom(recorded: unknown, actual: unknown): string | undefined {
  return compare(normal(recorded), normal(actual), '$')
}

function normal(value: unknown): unknown {
  if (typeof value === 'string') return asJson(value)
  if (Array.isArray(value)) return value.map(normal)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, normal(member)]))
}

function asJson(text: string): unknown {
  if (!/^\s*[{[]/.test(text)) return text
  try {
    return normal(JSON.parse(text))
  } catch {
    return text
  }
}

function compare(recorded: unknown, actual: unknown, path: string): string | undefined {
  const differs = `${path}: ${JSON.stringify(actual)}, recorded ${JSON.stringify(recorded)}`
  if (typeof recorded === 'string') {
    return typeof actual === 'string' && matches(recorded, actual) ? undefined : differs
  }
  if (typeof recorded !== 'object' || recorded === null) return recorded === actual ? undefined : differs
  if (typeof actual !== 'object' || actual === null || Array.isArray(actual) !== Array.isArray(recorded)) return differs
  const [keys, others] = [Object.keys(recorded).sort(), Object.keys(actual).sort()]
  if (keys.join() !== others.join()) return differs
  for (const key of keys) {
    const inner = compare(recorded[key as never], actual[key as never], `${path}.${key}`)
    if (inner !== undefined) return inner
  }
  return undefined
}

function matches(recorded: string, actual: string): boolean {
  if (recorded === actual) return true
  const parts = recorded.split(PLACEHOLDER).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return parts.length > 1 && new RegExp(`^${parts.join('[\\s\\S]*')}$`).test(actual)
}
