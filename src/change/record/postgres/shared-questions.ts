import type { Clock } from '../../../model/clock.ts'

/** A question that is being asked, and the one behind it, which all who have asked the same since wait for. */
interface Asked {
  /** In milliseconds of the monotonic clock. */
  readonly since: number
  readonly running: Promise<unknown>
  next?: Promise<unknown>
}

/** Nobody waits longer for the answer to an earlier question, in milliseconds: it may never come. */
const PATIENCE = 2_000

/**
 * The same reader, which is asked once what several ask at once: a change of a hundred switches asks for the approvals of its plan a hundred times in a
 * moment. Whoever asks while the same is asked waits for the next answer, so that no answer is of a time before the question; where the one before has none
 * in two seconds, the next one does not wait for it. What is given is shared, and changed by nobody; so is what is thrown. The methods are questions, of
 * strings, numbers and lists of them.
 */
export function asksOnce<T extends object>(reader: T, clock: Pick<Clock, 'monotonic' | 'sleep'>): T {
  const asked = new Map<string, Asked>()
  const begin = (key: string, question: () => Promise<unknown>): Promise<unknown> => {
    const running = question()
    const own: Asked = { since: clock.monotonic(), running }
    asked.set(key, own)
    const end = (): void => {
      if (asked.get(key) === own && own.next === undefined) asked.delete(key)
    }
    running.then(end, end)
    return running
  }
  const once = (key: string, question: () => Promise<unknown>): Promise<unknown> => {
    const before = asked.get(key)
    if (before === undefined) return begin(key, question)
    before.next ??= behind(before).then(() => begin(key, question))
    return before.next
  }
  const behind = async ({ since, running }: Asked): Promise<void> => {
    const over = new AbortController()
    const ended = running.then(
      () => undefined,
      () => undefined,
    )
    const left = Math.max(0, PATIENCE - (clock.monotonic() - since))
    await Promise.race([ended, clock.sleep(left, over.signal).catch(() => undefined)])
    over.abort()
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
