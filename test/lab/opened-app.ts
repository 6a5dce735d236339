import {
  type Feature,
  features,
  hintWords,
  openApp,
  openProject,
  type Principal,
  Scrubber,
  type Seams,
  silentConsole,
} from './sources.ts'

/** What of a process is other than ever. */
interface OwnHost {
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly seams?: Seams
  readonly features?: readonly Feature[]
}

/** A process in a folder, whose environment is empty. */
export const hostIn = (cwd: string, own: OwnHost = {}) => ({
  env: {},
  cwd,
  scrubber: new Scrubber(),
  features,
  words: hintWords,
  ...own,
})

/** Opens the application of the project in a folder, as somebody. Nothing is heard of what they are told. */
export function openAppIn(dir: string, principal: Principal, own: OwnHost = {}): ReturnType<typeof openApp> {
  const host = hostIn(dir, own)
  return openApp(openProject(host, { project: dir }), host, silentConsole(), { principal }, { insecureTls: false })
}
