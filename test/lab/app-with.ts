import type { App } from '../../src/app/app.ts'

/** An application with some of its parts otherwise: tests spread none by themselves. */
export function appWith(app: App, parts: Partial<App>): App {
  return { ...app, ...parts }
}
