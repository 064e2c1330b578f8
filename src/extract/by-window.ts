import type { OpenWindow, Page, PartEnd } from '../model.ts';
import type { Reading } from './port.ts';

/** How a stream with windows is read; asking it without one is a defect of the caller. */
export function byWindow(
  read: (window: OpenWindow) => AsyncIterable<Page | PartEnd>,
): Reading['read'] {
  return (window) => {
    if (window === null) throw new Error('a stream with windows was asked without one');
    return read(window);
  };
}
