import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads'
import { definedMembers } from '../../model/json.ts'
import { Secret } from '../../model/secret.ts'
import { isFault, readReference } from '../../model/secret-reference.ts'
import { keepPassword } from '../../project/files/sources/vault-passwords.ts'
import type { Scrubber } from '../../project/secret/scrubber.ts'

interface SecretNews {
  readonly value: string
  readonly name?: string
}

/** Tells the other end of a port every secret that this thread knows, and each that it learns or forgets, before it can write or send anything that holds it. */
export function tellSecrets(scrubber: Scrubber, port: MessagePort): () => void {
  const leave = scrubber.follow((value, name) => {
    const news: SecretNews = { value, ...definedMembers({ name }) }
    port.postMessage(news)
  })
  return () => {
    leave()
    port.close()
  }
}

/** How a scrubber comes to know what another thread knows: what is given takes, at once, everything that was told until now. Whoever scrubs calls it first, so that a text which came later than its secret never leaves with it. */
export function hearSecrets(port: MessagePort, scrubber: Scrubber): () => void {
  return () => {
    for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port)) {
      const { value, name } = next.message as SecretNews
      if (name === undefined) scrubber.forget(new Secret(value))
      else {
        scrubber.register(new Secret(value), name)
        if (isAsked(name)) keepPassword({ scrubber }, name, new Secret(value))
      }
    }
  }
}

function isAsked(name: string) {
  const read = readReference(name)
  return read !== undefined && !isFault(read) && (read.provider === 'exec' || read.provider === 'vault')
}
