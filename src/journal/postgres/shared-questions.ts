import { OutageError } from '../outage.ts'

/** A question that is being asked, and the one behind it, which all who have asked the same since wait for. */
interface Asked {
  readonly running: Promise<unknown>
  next?: Promise<unknown>
}

/**
 * The same reader, which is asked once what several ask at once: a change of a hundred switches asks for the approvals of its plan a hundred times in a
 * moment. Whoever asks while the same is asked waits for the next answer, so that no answer is of a time before the question. What is given is shared, and
 * changed by nobody; so is what is thrown. Who waits for the next answer does not wait for another outage behind the first one.
 */
export function asksOnce<T extends object>(reader: T): T {
  const asked = new Map<string, Asked>()
  const begin = (key: string, question: () => Promise<unknown>): Promise<unknown> => {
    const running = question()
    const own: Asked = { running }
    asked.set(key, own)
    const end = (): void => {
      if (own.next === undefined) asked.delete(key)
    }
    running.then(end, end)
    return running
  }
  const once = (key: string, question: () => Promise<unknown>): Promise<unknown> => {
    const before = asked.get(key)
    if (before === undefined) return begin(key, question)
    const again = (): Promise<unknown> => begin(key, question)
    before.next ??= before.running.then(again, (error: unknown) => {
      if (!(error instanceof OutageError)) return again()
      asked.delete(key)
      throw error
    })
    return before.next
  }
  return new Proxy(reader, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name, target)
      if (typeof member !== 'function') return member
      return (...given: readonly unknown[]) =>
        once(`${String(name)} ${JSON.stringify(given)}`, async () => Reflect.apply(member, target, given))
    },
  })
}
