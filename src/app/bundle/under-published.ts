import type { App } from '../app.ts'
import type { Project } from '../project/project.ts'
import { published } from './published.ts'

/**
 * The application of a process that hands changes to workers: its folder says what is planned, and the newest published bundle who may do what.
 * Where that cannot be read nobody may do anything but what no policy is asked about; where nothing is published, the folder says it too.
 */
export async function underPublished(app: App): Promise<App> {
  if ((await app.store.bundles(1)).length === 0) return app
  return { ...app, project: { ...app.project, inForce: await inForce(app) } }
}

async function inForce(app: App): Promise<NonNullable<Project['inForce']>> {
  try {
    return (await published(app)).project
  } catch (error) {
    const refuse = (): never => {
      throw error
    }
    return { policy: refuse, inventory: refuse }
  }
}
