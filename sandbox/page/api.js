// The control API, as the page uses it: what a person sees and does.

/** A wish that the workspace could not fulfil; the message is its sentence. */
export class Refusal extends Error {
  constructor(sentence, there = []) {
    super(sentence);
    this.there = there;
  }
}

/** Read what `asked.user` sees. */
export const see = (what, asked) => control(`see/${what}?${new URLSearchParams(asked)}`);

/** Let `body.user` do something. */
export const act = (deed, body) => control(`act/${deed}`, body);

/** Any call of the control API: GET without a body, POST with one, unless a method is named. */
export async function control(path, body, method = body === undefined ? "GET" : "POST") {
  const content = body === undefined ? undefined : JSON.stringify(body);
  let answer;
  try {
    answer = await fetch(`/control/${path}`, { method, body: content });
  } catch {
    throw new Refusal("The workspace does not answer. Is it still running?");
  }
  const told = await answer.json();
  if (!answer.ok) throw new Refusal(told.error, told.there);
  return told;
}
