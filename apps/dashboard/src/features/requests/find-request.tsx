"use client";
import { TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import classes from "./requests.module.css";

const requestIdPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** From an `x-request-id` in somebody's error report straight to the call. */
export function FindRequest({ onFind }: { onFind: (requestId: string) => void }) {
  const [text, setText] = useState("");
  const [isWrong, setIsWrong] = useState(false);
  const find = (event: FormEvent) => {
    event.preventDefault();
    const requestId = text.trim().toLowerCase();
    if (!requestIdPattern.test(requestId)) return setIsWrong(text.trim() !== "");
    onFind(requestId);
    setText("");
  };
  return (
    <form onSubmit={find} className={classes.find}>
      <TextInput
        size="xs"
        w="100%"
        aria-label="Open a request by its id"
        placeholder="Open by request id"
        value={text}
        error={isWrong && "That is not a request id"}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setIsWrong(false);
        }}
      />
    </form>
  );
}
