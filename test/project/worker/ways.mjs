import { Socket } from 'node:net'

/**
 * Loaded before a program: what it connects to on a port of EOSFLOW_TEST_WAYS goes to the port that stands there instead. So several processes
 * of one machine have the same addresses, and each its own network.
 */
const ways = JSON.parse(process.env.EOSFLOW_TEST_WAYS ?? '{}')
const { connect } = Socket.prototype
const leads = (port) => ways[String(port)] ?? port

Socket.prototype.connect = function (...args) {
  const [first, ...rest] = args
  if (Array.isArray(first)) {
    // Node has read the arguments already, and knows the list again.
    first[0] = { ...first[0], port: leads(first[0].port) }
    return connect.call(this, first, ...rest)
  }
  if (typeof first === 'object' && first !== null)
    return connect.call(this, { ...first, port: leads(first.port) }, ...rest)
  return connect.call(this, leads(first), ...rest)
}
