import type { InstallKeys } from '../../../model/install-keys.ts'
import { Secret } from '../../../model/secret.ts'
import type { Host } from './host.ts'

export function keptFromPrint(host: Host, keys: InstallKeys): InstallKeys {
  for (const key of [keys.key, ...(keys.next === undefined ? [] : [keys.next]), ...keys.old])
    host.scrubber.register(new Secret(key), 'the install key')
  return keys
}
