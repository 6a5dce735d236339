import type { JournalEvent } from '../../../src/change/record/event/event.ts'
import type { Journal } from '../../../src/change/record/store/journal.ts'
import type { Actor } from '../../../src/change/record/store/store.ts'
import type { App } from '../../lab/lab.ts'
import type { ServerBench } from '../../lab/server.ts'

/** One life of a server: it dies at its so many-th write, before it or after it, and writes nothing any more then. */
export interface Life {
  writes: number
  isOver: boolean
}

/** The application of a server that dies so, with how far its life has come. */
export function dying({ app: { store, journalAs, ...app } }: ServerBench, at: number, when: 'before' | 'behind') {
  const life: Life = { writes: 0, isOver: false }
  const write = async <T>(work: () => Promise<T>) => {
    life.writes += 1
    const isLast = life.writes === at
    if (isLast && when === 'before') life.isOver = true
    if (life.isOver) throw new Error('it is dead')
    const done = await work()
    if (isLast) life.isOver = true
    if (life.isOver) throw new Error('it is dead')
    return done
  }
  const journal = (own: Pick<Journal, 'append'>) => ({
    append: (...given: Parameters<Journal['append']>) => write(() => own.append(...given)),
  })
  const dies = {
    ...app,
    journalAs: (actor: Actor) => ({ ...journal(journalAs(actor)), read: (id: string) => store.read(id) }),
    store: new Proxy(store, {
      get: (target, name) => {
        if (name === 'as') return (actor: Actor) => journal(target.as(actor))
        if (name === 'put') return (text: string) => write(() => target.put(text))
        const member: unknown = Reflect.get(target, name)
        return typeof member === 'function' ? member.bind(target) : member
      },
    }),
  } as App
  return { app: dies, life }
}

/** The records of one type or of several, as they are in the store. */
export async function recordsIn<T extends JournalEvent['type']>({ app }: ServerBench, ...types: readonly T[]) {
  const { seq } = await app.store.head()
  const rows = (await app.audit?.records(1, seq)) ?? []
  const all = rows.map((row) => JSON.parse(String(row.body)) as JournalEvent)
  return all.filter((event): event is Extract<JournalEvent, { readonly type: T }> =>
    types.some((one) => one === event.type),
  )
}
