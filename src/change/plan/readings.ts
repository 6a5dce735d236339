import { type LazyMap, type LazyValue, ValueFault } from '../../model/lazy-value.ts'
import { isForbiddenKey } from '../../text/source/misleading.ts'
import { switchName } from '../inventory/switch/switch-name.ts'
import { type Datum, datumText, type Steps } from './datum.ts'

export const EVERYBODY = '*'

export class Readings {
  readonly #read = new Map<string, Map<string, Datum>>()

  device(name: string, seen: LazyMap): LazyMap {
    return {
      kind: 'map',
      at: seen.at,
      keys: () => seen.keys(),
      member: (member) => {
        const found = seen.member(member)
        if (found === undefined || member === 'name') return found
        if (member !== 'groups') return this.#watched(name, found, [member])
        this.note(name, { what: 'value', steps: ['groups'] })
        return found
      },
    }
  }

  fabric(seen: LazyMap): LazyMap {
    return {
      kind: 'map',
      at: seen.at,
      keys: () => {
        this.note(EVERYBODY, { what: 'keys', steps: [] })
        return seen.keys()
      },
      member: (name) => {
        const found = seen.member(name)
        if (found?.kind === 'map') return this.device(name, found)
        if (canBeSwitch(name)) this.note(name, { what: 'value', steps: [] })
        return undefined
      },
    }
  }

  note(device: string, datum: Datum): void {
    const known = this.#read.get(device)
    const of = known ?? new Map<string, Datum>()
    if (known === undefined) this.#read.set(device, of)
    of.set(datumText(datum), datum)
  }

  all(): ReadonlyMap<string, readonly Datum[]> {
    return new Map(
      [...this.#read]
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([device, data]) => [device, withoutImplied([...data.values()])]),
    )
  }

  #watched(device: string, value: LazyValue, steps: Steps): LazyValue {
    const note = (what: Datum['what'], at: Steps = steps) => this.note(device, { what, steps: at })
    const below = (read: () => LazyValue | undefined, step: string | number) => {
      const deeper = [...steps, step]
      try {
        const found = read()
        if (found !== undefined) return this.#watched(device, found, deeper)
      } catch (thrown) {
        // Whoever has asked for it may go on without it: it may be readable later.
        if (thrown instanceof ValueFault) note('value', deeper)
        throw thrown
      }
      note('value', deeper)
      return undefined
    }
    if (value.kind === 'scalar') {
      note('value')
      return value
    }
    note('kind')
    if (value.kind === 'map') {
      const keys = () => {
        note('keys')
        return value.keys()
      }
      const { writtenKey } = value
      const written = writtenKey === undefined ? {} : { writtenKey: (name: string) => writtenKey(name) }
      return { kind: 'map', at: value.at, keys, ...written, member: (key) => below(() => value.member(key), key) }
    }
    return {
      kind: 'list',
      at: value.at,
      get length() {
        note('length')
        return value.length
      },
      item: (index) => below(() => value.item(index), index),
    }
  }
}

// Whether an inventory can have a switch of this name: what can never be there is nothing that a plan holds.
function canBeSwitch(name: string) {
  return switchName.safeParse(name).success && !isForbiddenKey(name)
}

function withoutImplied(data: readonly Datum[]) {
  const around = new Set(
    data.flatMap(({ what, steps }) => {
      const parts = steps.map((_, index) => datumText({ what: 'kind', steps: steps.slice(0, index) }))
      return what === 'keys' || what === 'length' ? [...parts, datumText({ what: 'kind', steps })] : parts
    }),
  )
  return data
    .filter((datum) => datum.what !== 'kind' || !(around.has(datumText(datum)) || datum.steps.length === 1))
    .toSorted((a, b) => (datumText(a) < datumText(b) ? -1 : 1))
}
