import { Command } from 'cmdk';
import type { ReactNode } from 'react';
import { useEffect, useRef, useState } from 'react';
import type { ImageKey } from '../../../contract/view-types';
import { engine } from '../../state/engine-client';
import { useSession } from '../../state/session';
import { Finder } from '../../ui/finder';
import { thumbnailUrl } from '../../ui/pixels';

const MOST_FOUND = 50;
const THUMBNAIL = 80;

interface Found {
  readonly image: ImageKey;
  readonly name: string;
}

/** Finds images by a part of their names; the ones found are what next and previous then go through. */
export function FindImage({ onClose }: { readonly onClose: () => void }): ReactNode {
  const [found, setFound] = useState<readonly Found[]>([]);
  const latest = useRef(0);
  const search = (text: string) => {
    const own = ++latest.current;
    engine('image.find', { text, limit: MOST_FOUND }).then(
      (answer) => own === latest.current && setFound(answer),
      (error: unknown) => useSession.getState().showFailure(error),
    );
  };
  useEffect(() => search(''), []);
  return (
    <Finder label="Find an image by name" onClose={onClose} onSearch={search}>
      {found.map(({ image, name }) => (
        <Command.Item
          key={image}
          value={`${image} ${name}`}
          onSelect={() => {
            onClose();
            useSession.getState().openImage(image, { queue: found.map((one) => one.image) });
          }}
        >
          <img className="thumbnail" src={thumbnailUrl(image, THUMBNAIL)} alt="" loading="lazy" />
          <span className="clip">{name}</span>
        </Command.Item>
      ))}
    </Finder>
  );
}
