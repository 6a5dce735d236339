import { EosflowError } from '../../../model/error.ts'
import type { InstallKey, InstallKeys } from '../../../model/install-keys.ts'
import { keyId, type StoreKeys, storeKeys } from './store-keys.ts'

type Held = StoreKeys & { readonly text: string }

/** The keys of a store whose install key may be rotated. It seals by the one that the store is under, and goes on to the next one once the store has; it never goes back. */
export class KeyRing implements StoreKeys {
  /** The install key in use, for what is keyed outside of the store. */
  readonly installKey: InstallKey
  /** The checks of the present key and of the next one, as they were given. */
  readonly given: { readonly key: string; readonly next: string | undefined }
  /** The ids of the keys that the store was under before, by its record, and that are not here. */
  lacking: readonly string[] = []
  #current: Held
  #next: Held | undefined
  #former: readonly Held[]

  constructor(given: string | InstallKeys) {
    const { key, next, old } = typeof given === 'string' ? { key: given, old: [] } : given
    const held = (text: string): Held => ({ ...storeKeys(text), text })
    this.#current = held(key)
    // What is given as an old key as well is an old one: nothing that it seals counts.
    this.#next = next === undefined || next === key || old.includes(next) ? undefined : held(next)
    this.#former = [...new Set(old)].filter((text) => text !== key).map(held)
    this.given = { key: this.check, next: this.#next?.check }
    const own = () => this
    this.installKey = {
      get text() {
        return own().#current.text
      },
      get former() {
        return own().#former.map(({ text }) => text)
      },
      get next() {
        return own().#next?.text
      },
      get lacking() {
        return own().lacking
      },
    }
  }

  get check(): string {
    return this.#current.check
  }

  get blob(): Uint8Array {
    return this.#current.blob
  }

  get note(): StoreKeys['note'] {
    return this.#current.note
  }

  get checkpoint(): Uint8Array {
    return this.#current.checkpoint
  }

  get former(): readonly StoreKeys[] {
    return this.#former
  }

  get next(): StoreKeys | undefined {
    return this.#next
  }

  seal(text: string): string {
    return this.#current.seal(text)
  }

  name(content: Uint8Array): string {
    return this.#current.name(content)
  }

  isSeal(text: string, seal: string): boolean {
    if (this.#current.isSeal(text, seal)) return true
    if (this.#next?.isSeal(text, seal) !== true) return false
    this.#goOn()
    return true
  }

  fits(check: string): boolean {
    if (check === this.#next?.check) this.#goOn()
    return check === this.check
  }

  /** Throws `store`, naming the keys by their ids, where it is under another one. */
  require(where: string, check: string): void {
    if (this.fits(check)) return
    const id = keyId(check)
    if (this.former.some((one) => one.check === check))
      throw new EosflowError(
        'store',
        `${where} is under the key ${id}, which is given here as an old one, that only reads`,
        {
          hint: `Where the store was not rotated yet, give it as the present key, and the new one as the next. Where it was, somebody has put it back to before: it is an old backup, or the work of a thief of that key.`,
        },
      )
    const [first, ...others] = [this.#current, ...(this.#next === undefined ? [] : [this.#next])].map(
      ({ check: own }) => keyId(own),
    )
    const here = others.length === 0 ? `the one here is ${first}` : `the ones here are ${[first, ...others].join(', ')}`
    throw new EosflowError('store', `${where} was written under another key: under ${id}, and ${here}`, {
      hint: `Give the install key ${id}: in EOSFLOW_KEY, as install.key, or as what \`key:\` in eosflow.yaml names. Where it is lost nobody can read this store any more: keep it as evidence, and begin a new one.`,
    })
  }

  #goOn(): void {
    if (this.#next === undefined) return
    this.#former = [this.#current, ...this.#former]
    this.#current = this.#next
    this.#next = undefined
  }
}
