import { EosflowError } from '../../../model/error.ts'
import { demandedPolicy, policyGone } from '../../access/policy/authority.ts'
import type { RecordApp } from '../../app/app.ts'
import type { Project } from '../../files/project.ts'
import { bundleProject } from './bundle-project.ts'
import { bundleNamed, readBundle } from './read-bundle.ts'

interface Revision {
  readonly digest: string
  readonly project: Project
  readonly demanded: Awaited<ReturnType<typeof demandedPolicy>>
}

/** Throws `stale` where nothing is published, or it cannot be read, and InputError. */
export async function published<A extends RecordApp>(app: A): Promise<A> {
  let now = await newest(app)
  const files: Project['files'] = (path) => now.project.files(path)
  Object.defineProperties(files, {
    why: { value: (path: string) => now.project.files.why?.(path) ?? 'missing', enumerable: true },
    bundle: { get: () => now.digest, enumerable: true },
  })
  const project: Project = {
    ...now.project,
    files,
    stands: (path) => now.project.stands(path),
    policy: () => {
      const loaded = now.project.policy()
      if (loaded === undefined && now.demanded !== undefined) throw policyGone(app, now.demanded)
      return loaded
    },
    inventory: () => now.project.inventory(),
    parseInventory: (text, file) => now.project.parseInventory(text, file),
    published: {
      digest: () => now.digest,
      files,
      renew: async () => {
        now = await newest(app, now)
      },
    },
  }
  return { ...app, project }
}

/** Throws as {@link published}. */
export async function publishedIfAny<A extends RecordApp>(app: A): Promise<A> {
  return (await app.store.bundles(1)).length === 0 ? app : published(app)
}

/** Throws `stale`, InputError. */
export async function projectOfBundle(app: RecordApp, digest: string): Promise<Project> {
  return bundleProject(await bundleNamed(app.store, digest), app.project, app)
}

async function newest(app: RecordApp, before?: Revision): Promise<Revision> {
  const [record] = await app.store.bundles(1)
  if (record === undefined) {
    throw new EosflowError('stale', 'no files of a project were published in this store', {
      hint: 'Publish them from the folder of the project.',
    })
  }
  const demanded = await demandedPolicy(app)
  if (record.bundle === before?.digest) return { ...before, demanded }
  const bundle = await readBundle(app.store, record)
  return { digest: record.bundle, project: bundleProject(bundle, app.project, app), demanded }
}
