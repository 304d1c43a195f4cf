/** Every strategy and every guard is forced by a call, and its receipt says in sentences what was decided and why. */
import { expect, test, type Page } from "@playwright/test";
import { DecisionSite, reasonsOf } from "./support/decision-site.ts";

interface Call {
  readonly requestId: string;
  readonly status: number;
}

interface Forced {
  readonly strategy: string;
  readonly force: (site: DecisionSite) => Promise<Call>;
  readonly says: (site: DecisionSite) => readonly (RegExp | string)[];
}

const noResilience = {
  latencyObjective: { firstTokenMs: null, wholeAnswerMs: null },
  hedging: { enabled: false, mostPercentOfCalls: 5 },
};
const noGroup = { weight: 1, enabled: true, strategy: { type: "priority" } };

const forced: readonly Forced[] = [
  {
    strategy: "weighted",
    force: async (site) => {
      const targets = [
        { ...site.cheap, weight: 100 },
        { ...site.dear, weight: 0 },
      ];
      return site.call(await site.publish({ strategy: { type: "weighted" }, targets }));
    },
    says: ({ cheapLabel, dearLabel }) => [
      `Chose ${cheapLabel}: by its weight it gets every call.`,
      `Passed over ${dearLabel}: its weight is zero.`,
    ],
  },
  {
    strategy: "cheapest",
    force: async (site) => site.call(await site.publish({ strategy: { type: "cheapest", expectedOutputTokens: 500 } })),
    says: ({ cheapLabel, dearLabel }) => [
      new RegExp(
        `^Chose ${cheapLabel}: this call is expected to cost \\$0\\.\\d+ there, next ${dearLabel} at \\$0\\.\\d+\\.$`,
      ),
    ],
  },
  {
    strategy: "fastest",
    force: async (site) => {
      await site.behave("east", { latencyMs: 150 });
      const route = await site.publish({ strategy: { type: "fastest", explorePercent: 50 } });
      // Until both are known well enough to be compared.
      for (let made = 0; made < 40; made++) await site.call(route);
      return site.call(route);
    },
    says: ({ cheapLabel, dearLabel }) => [
      new RegExp(`^Chose ${cheapLabel}: half of its recent answers were whole within \\d+ ms\\.$`),
      new RegExp(`^Next in line is ${dearLabel}: half of its recent answers were whole within \\d+ ms\\.$`),
    ],
  },
  {
    strategy: "sticky",
    force: async (site) =>
      site.call(await site.publish({ strategy: { type: "sticky", by: "session" } }), {
        headers: { "x-switchyard-session": "a-conversation" },
      }),
    says: () => [/^Chose \S+ \/ \S+: this session stays with it\.$/],
  },
  {
    strategy: "experiment",
    force: async (site) =>
      site.call(await site.publish({ strategy: { type: "experiment", name: "short prompts", assignBy: "user" } }), {
        headers: { "x-switchyard-user": "ada" },
      }),
    says: () => [/^Chose \S+ \/ \S+: experiment "short prompts" has this user in that variant\.$/],
  },
  {
    strategy: "canary",
    force: async (site) => site.call(await site.publish({ strategy: { type: "canary", percent: 100 } })),
    says: ({ dearLabel }) => [`Chose ${dearLabel}: it is the canary, which gets 100 % of the calls.`],
  },
  {
    strategy: "hedged",
    force: async (site) => {
      const resilience = {
        latencyObjective: { firstTokenMs: null, wholeAnswerMs: null },
        hedging: { enabled: true, mostPercentOfCalls: 20 },
      };
      const route = await site.publish({ strategy: { type: "priority" }, resilience });
      // Until it is known when a first token is late, and one hedge is within its share.
      for (let made = 0; made < 30; made++) await site.call(route, { stream: true });
      await site.behave("north", { slowFirstByteMs: 3_000 });
      return site.call(route, { stream: true });
    },
    says: ({ cheapLabel, dearLabel }) => [
      new RegExp(`^${cheapLabel} had sent nothing after \\d+ ms; ${dearLabel} was asked beside it\\.$`),
      `${dearLabel} answered first.`,
    ],
  },
  {
    strategy: "conditions, by first match",
    force: async (site) => {
      const groups = [
        {
          ...noGroup,
          groupId: "long",
          name: "Long prompts",
          when: { match: "all", clauses: [{ fact: "input_tokens", atLeast: 10_000 }] },
        },
        { ...noGroup, groupId: "rest", name: "Everything else" },
      ];
      const targets = [
        { ...site.dear, groupId: "long" },
        { ...site.cheap, groupId: "rest" },
      ];
      return site.call(await site.publish({ strategy: { type: "first_match" }, groups, targets }), {
        headers: { "x-switchyard-tags": "env=prod" },
      });
    },
    says: ({ cheapLabel }) => [
      /^Passed over group Long prompts: it is for calls of at least 10000 tokens of input, and this one has about \d+\.$/,
      "Chose group Everything else: it is the first that is meant for such a call.",
      `In group Everything else: Chose ${cheapLabel}: it comes first in the route's order.`,
    ],
  },
  {
    strategy: "fallback after a failure",
    force: async (site) => {
      await site.behave("north", { errorRate: 1, errorStatus: 503 });
      return site.call(await site.publish({ strategy: { type: "priority" } }));
    },
    says: ({ cheapLabel, dearLabel }) => [
      `Chose ${cheapLabel}: it comes first in the route's order.`,
      new RegExp(`^${cheapLabel} \\S.* \\(status 503, after \\d+ ms\\); trying ${dearLabel}\\.$`),
    ],
  },
  {
    strategy: "a rule of the route after a failure",
    force: async (site) => {
      await site.behave("north", { errorStatus: 400, errorCode: "content_filter" });
      const resilience = { ...noResilience, afterFailure: { contentFilter: "other_target" } };
      return site.call(await site.publish({ strategy: { type: "priority" }, resilience }));
    },
    says: ({ cheapLabel, dearLabel }) => [
      new RegExp(`^${cheapLabel} filtered the request \\(.*\\); trying ${dearLabel}, as the route says\\.$`),
    ],
  },
  {
    strategy: "a copy for the shadow",
    force: async (site) => {
      const { connectionId, modelId } = site.dear;
      const shadow = { connectionId, modelId, percent: 100 };
      return site.call(await site.publish({ strategy: { type: "priority" }, targets: [site.cheap], shadow }));
    },
    says: ({ dearLabel }) => [
      `A copy goes to the shadow ${dearLabel} once this call is answered: 100 % of the calls do. Nobody sees its answer.`,
    ],
  },
  {
    strategy: "adaptive",
    force: async (site) =>
      site.call(await site.publish({ strategy: { type: "adaptive", explorePercent: 1, successPercentAtLeast: 50 } })),
    says: () => [
      /^Chose \S+ \/ \S+: (?:a success is expected to cost least there|this call is one of those that explore); it succeeds at \d+ % of .+\.$/,
    ],
  },
  {
    strategy: "price ceiling",
    force: async (site) =>
      site.call(await site.publish({ strategy: { type: "priority" }, targets: [site.dear, site.cheap] }), {
        headers: { "x-switchyard-max-cost-usd": "0.01" },
      }),
    says: ({ cheapLabel, dearLabel }) => [
      new RegExp(`^Passed over ${dearLabel}: it could cost \\$0\\.\\d+, more than the ceiling of \\$0\\.01\\.$`),
      `Chose ${cheapLabel}: it comes first in the route's order.`,
    ],
  },
  {
    strategy: "residency",
    force: async (site) =>
      site.call(
        await site.publish({
          strategy: { type: "priority" },
          guards: { mostCostUsd: null, requires: { regions: ["us-east"] } },
        }),
      ),
    says: ({ cheapLabel, dearLabel }) => [
      `Passed over ${cheapLabel}: it must be in region us-east, and is in eu-north.`,
      `Chose ${dearLabel}: it comes first in the route's order.`,
    ],
  },
];

async function readReasons(page: Page, requestId: string): Promise<string[]> {
  await reasonsOf(requestId);
  await page.goto(`/requests?request=${requestId}`);
  const receipt = page.getByRole("dialog");
  await expect(receipt.getByRole("heading", { name: "Why it went there" })).toBeVisible();
  return receipt.getByRole("list", { name: "Reasons" }).getByRole("listitem").allInnerTexts();
}

for (const { strategy, force, says } of forced) {
  test(`a receipt explains ${strategy}`, async ({ page }) => {
    const site = await DecisionSite.create();
    const call = await force(site);
    expect(call.status).toBe(200);
    const reasons = await readReasons(page, call.requestId);
    for (const expected of says(site)) {
      const isSaid = reasons.some((reason) =>
        typeof expected === "string" ? reason === expected : expected.test(reason),
      );
      expect(isSaid, `${String(expected)} in\n${reasons.join("\n")}`).toBe(true);
    }
    for (const reason of reasons) {
      // A sentence: no code, no hole where a value should be.
      expect(reason).toMatch(/^\S.{14,}\.$/);
      expect(reason.replaceAll(site.name, "")).not.toMatch(/\b[a-z]+_[a-z_]+\b|undefined|null|NaN|Infinity/);
    }
  });
}
