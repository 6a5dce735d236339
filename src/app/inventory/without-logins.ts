import { LOGIN_PASSWORDS } from '../../inventory/source/ansible-connection.ts'
import { isJsonObject, type Json } from '../../model/json.ts'
import { Secret } from '../../model/secret.ts'
import type { ListForm } from '../../roster/listed-value.ts'
import type { Scrubber } from '../../secret/scrubber.ts'

/** What is kept in the place of a password. */
const GONE = '<redacted>'

/**
 * A list without the passwords of logins in clear text, which are never used and would lie on the disk for nothing. The scrubber hears each,
 * for it may be in other values too. What is encrypted and what is a template stays. `label`: where they are from.
 */
export function withoutLogins(list: ListForm, label: string, scrubber: Pick<Scrubber, 'register'>): ListForm {
  const plain = (vars: Readonly<Record<string, Json>>): Readonly<Record<string, Json>> => {
    const found = LOGIN_PASSWORDS.filter((name) => Object.hasOwn(vars, name) && clearText(vars[name]) !== undefined)
    for (const name of found) scrubber.register(new Secret(clearText(vars[name]) ?? ''), `${name} of ${label}`)
    return { ...vars, ...Object.fromEntries(found.map((name) => [name, GONE])) }
  }
  const { _meta: meta, ...groups } = list
  const hosts = Object.entries(meta.hostvars).map(([name, vars]) => [name, plain(vars)])
  const others = Object.entries(groups).map(([name, group]) => [
    name,
    'vars' in group && isJsonObject(group.vars as Json) ? { ...group, vars: plain(group.vars as never) } : group,
  ])
  return { _meta: { ...meta, hostvars: Object.fromEntries(hosts) }, ...Object.fromEntries(others) } as ListForm
}

/** The text of a password as it is written; undefined for none, for what is encrypted, and for a template. */
function clearText(value: Json | undefined): string | undefined {
  if (isJsonObject(value)) return typeof value.__ansible_unsafe === 'string' ? value.__ansible_unsafe : undefined
  if (typeof value === 'number') return String(value)
  return typeof value !== 'string' || value === '' || value.includes('{{') ? undefined : value
}
