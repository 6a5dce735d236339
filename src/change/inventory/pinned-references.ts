import { referenceText } from '../../model/secret-reference.ts'
import type { Inventory } from './inventory.ts'

/** The references with a version of their own that these switches are logged in to with, each once, sorted: which version it is was somebody's decision, so a plan names it. */
export function pinnedReferences({ devices, credentials }: Inventory, names: readonly string[]): readonly string[] {
  const wanted = new Set(names)
  const users = new Set(
    devices
      .filter(({ name }) => wanted.has(name))
      .flatMap(({ credentials: user, readCredentials = user }) => [user, readCredentials]),
  )
  const pinned = [...users].flatMap((user) => {
    const { password, key, passphrase, enable } = credentials[user] ?? {}
    return [password, key, passphrase, enable].flatMap((source) =>
      source?.provider === 'vault' && source.version !== undefined ? [referenceText(source)] : [],
    )
  })
  return [...new Set(pinned)].sort()
}
