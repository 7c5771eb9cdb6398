// What the page knows of the workspace while one person acts: people, places, the clock.

/** Facts of one person's workspace, and look-ups by id. Built from `GET /control/see/page`. */
export class World {
  #clock = { base: 0, since: 0, rate: 1 };

  constructor(facts) {
    Object.assign(this, facts);
    this.byId = {
      people: index(facts.people),
      channels: index(facts.channels),
      usergroups: index(facts.usergroups),
      conversations: index(facts.conversations),
    };
    this.me = this.person(facts.me);
    this.bot = this.person(facts.bot);
    this.zone = this.me.tz || "UTC";
    this.setClock(facts.clock);
  }

  /** A person by id. */
  person(id) {
    return this.byId.people.get(id);
  }

  /** A channel, direct or group message by id. */
  channel(id) {
    return this.byId.channels.get(id) ?? this.byId.conversations.get(id);
  }

  /** A user group by id. */
  usergroup(id) {
    return this.byId.usergroups.get(id);
  }

  /** A conversation of the acting person, by id or channel name; direct messages too. */
  conversation(name) {
    return this.byId.conversations.get(name) ?? this.conversations.find((c) => c.name === name);
  }

  /** The direct message with the app. */
  get appMessages() {
    return this.conversations.find((c) => c.kind === "im");
  }

  /** Take the conversations as they are now. */
  setConversations(list) {
    this.conversations = list;
    this.byId.conversations = index(list);
  }

  /** The workspace's present moment, in seconds since 1970. */
  now() {
    const { base, since, rate } = this.#clock;
    return base + ((performance.now() - since) / 1000) * rate;
  }

  /** Take the clock as the workspace told it: `{now, rate}`. */
  setClock({ now, rate = this.#clock.rate }) {
    this.#clock = { base: now, since: performance.now(), rate };
  }
}

const index = (list) => new Map(list.map((item) => [item.id, item]));
