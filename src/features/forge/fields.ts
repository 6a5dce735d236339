import type { ForgeAccount } from '../../model/forge.ts'
import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import { notAsDocumented } from './ask-forge.ts'

/** What is not there in the form that is asked for throws `protocol`. */
export class Fields {
  private readonly object: JsonObject
  private readonly name: string

  constructor(value: Json | undefined, name: string) {
    this.name = name
    if (!isJsonObject(value)) throw notAsDocumented(name, 'it is no object')
    this.object = value
  }

  text(key: string): string {
    const value = this.object[key]
    if (typeof value === 'string') return value
    throw notAsDocumented(this.name, `\`${key}\` is no text`)
  }

  words(key: string): string {
    return this.isThere(key) ? this.text(key) : ''
  }

  count(key: string): number {
    const value = this.object[key]
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
    throw notAsDocumented(this.name, `\`${key}\` is no number`)
  }

  flag(key: string): boolean {
    const value = this.object[key]
    if (typeof value === 'boolean') return value
    throw notAsDocumented(this.name, `\`${key}\` is neither true nor false`)
  }

  of(key: string): Fields {
    return new Fields(this.object[key], `${this.name} ${key}`)
  }

  list(key: string): readonly Json[] {
    const value = this.object[key]
    if (Array.isArray(value)) return value as readonly Json[]
    throw notAsDocumented(this.name, `\`${key}\` is no list`)
  }

  isThere(key: string): boolean {
    return this.object[key] !== undefined && this.object[key] !== null
  }

  account(key: string, login: string): { readonly [key: string]: ForgeAccount } {
    if (!this.isThere(key)) return {}
    const user = this.of(key)
    return { [key]: { id: user.count('id'), login: user.text(login) } }
  }

  /** A time in UTC that can be compared. */
  time(key: string): string {
    const value = this.text(key)
    const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/.test(value)
    if (isTime && !Number.isNaN(Date.parse(value))) return new Date(value).toISOString()
    throw notAsDocumented(this.name, `\`${key}\` is no time`)
  }

  commit(key: string): string {
    const value = this.text(key)
    if (/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(value)) return value
    throw notAsDocumented(this.name, `\`${key}\` is no commit`)
  }
}
