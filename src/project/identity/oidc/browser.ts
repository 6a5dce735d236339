import { spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

interface Seat {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly interactive: boolean
}

export function openBrowser(url: string, { env, interactive }: Seat): void {
  const program = interactive ? browserProgram(env) : undefined
  if (program === undefined) return
  spawn(program, [url], { env, stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref()
}

function browserProgram(env: Seat['env']) {
  const hasScreen = (env.DISPLAY ?? env.WAYLAND_DISPLAY ?? '') !== ''
  const name = process.platform === 'darwin' ? 'open' : 'xdg-open'
  if (name === 'xdg-open' && !hasScreen) return undefined
  const places = (env.PATH ?? '').split(delimiter).filter((folder) => folder.startsWith('/'))
  return places.map((folder) => join(folder, name)).find(isProgram)
}

function isProgram(path: string) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
