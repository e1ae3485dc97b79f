// What a session tells whoever watches it: progress, and warnings that are safe to print.

export type IndexEvent =
  | { readonly kind: "requested" | "received"; readonly subject: Subject; readonly name: string }
  | {
      readonly kind: "download";
      readonly filename: string;
      readonly received: number;
      readonly total: number | undefined;
    }
  | { readonly kind: "warning"; readonly message: string };

export type Subject = "project" | "metadata" | "artifact";

export type Report = (event: IndexEvent) => void;
