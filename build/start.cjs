// What ./eosflow runs: the built command, under the name by which it was called. An older Node reads this file and can say that it is too old.
'use strict'

const FLOOR = [20, 19]
const [major, minor] = process.versions.node.split('.').map(Number)
if (major < FLOOR[0] || (major === FLOOR[0] && minor < FLOOR[1])) {
  process.stderr.write(`eosflow needs Node ${FLOOR.join('.')} or newer: this is Node ${process.versions.node}.\n`)
  process.exit(3)
}
// The path that was typed takes the place of this file: the command names itself by it (src/doors/cli/terminal/io.ts).
process.argv.splice(1, 1)
import('../dist/doors/cli/main.js')
