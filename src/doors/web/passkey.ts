type PasskeyForm = HTMLFormElement & { readonly dataset: DOMStringMap }

interface Challenge {
  readonly id: string
  readonly passkey: { readonly challenge: string; readonly rpId: string; readonly credentials: readonly string[] }
}

export function offerPasskeys(): void {
  if (!('credentials' in navigator) || !('PublicKeyCredential' in globalThis)) return
  for (const form of document.querySelectorAll<PasskeyForm>('form[data-passkey]')) {
    const button = form.querySelector<HTMLButtonElement>('[data-passkey-button]')
    if (button === null) continue
    button.hidden = false
    button.addEventListener('click', () => void press(form, button))
  }
}

async function press(form: PasskeyForm, button: HTMLButtonElement): Promise<void> {
  button.disabled = true
  say(form, '')
  try {
    if (form.dataset.passkey === 'register') await register(form)
    else await approve(form)
  } catch (error) {
    // The browser says the same for a person who refuses and for a time that is over.
    const isRefused = error instanceof DOMException && error.name === 'NotAllowedError'
    say(
      form,
      isRefused
        ? 'The passkey was not used. Nothing was decided.'
        : error instanceof Error
          ? error.message
          : String(error),
    )
  } finally {
    button.disabled = false
  }
}

async function approve(form: PasskeyForm): Promise<void> {
  const { plan = '', challenges = '', answers = '' } = form.dataset
  const comment = String(new FormData(form).get('comment') ?? '')
  const { id, passkey } =
    given(form) ?? ((await post(form, challenges, { decision: 'approve', comment, proof: 'passkey' })) as Challenge)
  const credential = await navigator.credentials.get({
    publicKey: {
      challenge: bytes(passkey.challenge),
      rpId: passkey.rpId,
      allowCredentials: passkey.credentials.map((one) => ({ type: 'public-key', id: bytes(one) })),
      userVerification: 'required',
    },
  })
  if (!(credential instanceof PublicKeyCredential)) throw new Error('the browser gave no passkey')
  const { clientDataJSON, authenticatorData, signature } = credential.response as AuthenticatorAssertionResponse
  const proof = {
    kind: 'passkey',
    credential: credential.id,
    clientDataJSON: text(clientDataJSON),
    authenticatorData: text(authenticatorData),
    signature: text(signature),
  }
  await post(form, answers, { challenge: id, plan, proof })
  location.reload()
}

// A challenge that the page itself holds; undefined where one is made when the button is pressed, so that it names the comment.
function given({ dataset: { challengeId: id, challenge, rpId, credentials } }: PasskeyForm): Challenge | undefined {
  if (id === undefined || challenge === undefined || rpId === undefined) return undefined
  return { id, passkey: { challenge, rpId, credentials: (credentials ?? '').split(' ').filter((one) => one !== '') } }
}

async function register(form: PasskeyForm): Promise<void> {
  const { challenge = '', rpId = '', userId = '', userName = '' } = form.dataset
  const credential = await navigator.credentials.create({
    publicKey: {
      challenge: bytes(challenge),
      rp: { id: rpId, name: 'eosflow' },
      user: { id: bytes(userId), name: userName, displayName: userName },
      // EdDSA, ES256, RS256: registered with IANA as COSE algorithms.
      pubKeyCredParams: [-8, -7, -257].map((alg) => ({ type: 'public-key', alg })),
      authenticatorSelection: { userVerification: 'required', residentKey: 'preferred' },
    },
  })
  if (!(credential instanceof PublicKeyCredential)) throw new Error('the browser gave no passkey')
  const key = (credential.response as AuthenticatorAttestationResponse).getPublicKey()
  if (key === null) throw new Error('the passkey shows no public key')
  const field = (name: string, value: string): void => {
    const input = form.querySelector<HTMLInputElement>(`input[name="${name}"]`)
    if (input !== null) input.value = value
  }
  field('credential', credential.id)
  field('key', text(key))
  form.submit()
}

// Throws what the server says against it.
async function post(form: PasskeyForm, to: string, body: object): Promise<unknown> {
  const token = String(new FormData(form).get('csrf') ?? '')
  const answer = await fetch(to, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', 'x-eosflow-token': token },
    body: JSON.stringify(body),
  })
  const said = (await answer.json().catch(() => ({}))) as {
    readonly detail?: string
    readonly title?: string
    readonly hint?: string
  }
  if (answer.ok) return said
  throw new Error(
    [said.detail ?? said.title ?? `The server answered ${answer.status}.`, said.hint ?? ''].join(' ').trim(),
  )
}

function say(form: PasskeyForm, words: string): void {
  const outcome = form.querySelector<HTMLElement>('.outcome')
  if (outcome === null) return
  outcome.hidden = words === ''
  outcome.textContent = words
}

function bytes(base64url: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64url.replaceAll('-', '+').replaceAll('_', '/')), (character) =>
    character.charCodeAt(0),
  )
}

function text(buffer: ArrayBuffer): string {
  const binary = String.fromCharCode(...new Uint8Array(buffer))
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}
