export type EventShape = 'current' | 'older';

/** What the endpoint's filters and its CSV form look at. */
export type EventFacts = {
  id?: string | undefined;
  timestamp?: string | undefined;
  eventType?: string | undefined;
  actorId?: string | undefined;
  actorEmail?: string | undefined;
  resourceType?: string | undefined;
  resourceId?: string | undefined;
};

/** Makes a generated event from its index, each time it is asked for. */
export type EventSource = {
  id(index: number, time: number): string;
  facts(index: number, time: number): EventFacts;
  text(index: number, time: number, shape: EventShape): string;
};
