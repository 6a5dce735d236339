import type { ForgeKind } from '../../src/model/forge.ts'
import { type Instead, type LoopbackService, startLoopback } from '../around/services/loopback-service.ts'
import { github } from './github.ts'
import { gitlab } from './gitlab.ts'
import { ForgeWorld } from './world.ts'

/** A forge on loopback, and what its jobs are told of it. */
export interface FakeForge extends LoopbackService {
  readonly kind: ForgeKind
  readonly world: ForgeWorld
  /** `127.0.0.1:PORT/acme/network`. */
  readonly place: string
  readonly env: Readonly<Record<string, string>>
}

/** Starts a forge that holds one repository. It ends with the test. */
export async function startForge(
  kind: ForgeKind,
  {
    world = new ForgeWorld(),
    instead = () => undefined,
  }: { readonly world?: ForgeWorld; readonly instead?: Instead } = {},
): Promise<FakeForge> {
  let origin = ''
  const answer = (kind === 'github' ? github : gitlab)(world, () => origin)
  const loopback = await startLoopback(answer, instead)
  origin = loopback.service.origin
  const env: Readonly<Record<string, string>> =
    kind === 'github'
      ? { GITHUB_API_URL: origin, GITHUB_REPOSITORY: world.repository, GITHUB_TOKEN: world.token }
      : { CI_API_V4_URL: `${origin}/api/v4`, CI_PROJECT_PATH: world.repository, GITLAB_TOKEN: world.token }
  return { ...loopback, kind, world, env, place: `${new URL(origin).host}/${world.repository}` }
}
