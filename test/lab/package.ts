import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { ROOT } from './checkout.ts'

/** Packs the build as it is published, into a folder: the tarball's path. Neither the registry nor the user's npm is looked at. */
export function packed(into: string): string {
  const env = { ...process.env, npm_config_cache: join(into, 'cache'), npm_config_update_notifier: 'false', CI: '1' }
  const said = execFileSync(process.execPath, [join(ROOT, 'build/pack.mjs'), into], { env, encoding: 'utf8' })
  return said.slice(0, said.indexOf('.tgz') + '.tgz'.length)
}
