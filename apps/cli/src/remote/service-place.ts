// The address of a service, as people write it.

import { quote, ThothError } from "@thoth/pep";

/** A host alone is asked by https. Throws usage. */
export function placeOf(service: string): URL {
  const url = URL.parse(/^[a-z]+:\/\//i.test(service) ? service : `https://${service}`);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new ThothError("usage", `${quote(service)} is no address of a service`, {
      hint: "Write it as https://thoth.example.com.",
    });
  if (url.username !== "" || url.password !== "")
    throw new ThothError("usage", "the address of a service has no credentials in it", {
      hint: "Give the token in THOTH_TOKEN.",
    });
  return url;
}
