// `npm run build`, and the end of `npm ci`: makes `dist` anew out of `src`.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { live } from './live-line.mjs'

const at = (file) => fileURLToPath(new URL(`../${file}`, import.meta.url))

rmSync(at('dist'), { recursive: true, force: true })
live('build 1 of 4, the modules')
const compiler = [at('node_modules/typescript/bin/tsc'), '-p', 'tsconfig.json', '--noCheck', '--singleThreaded']
const [code] = await once(spawn(process.execPath, compiler, { cwd: at('.'), stdio: 'inherit' }), 'exit')
if (code === 0) await import('./bundle.mjs')
else process.exitCode = code ?? 1
live()
