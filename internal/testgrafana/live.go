package testgrafana

import (
	"net/http"
)

// live is a WebSocket that says back what it hears, and who is heard.
func (g *Grafana) live(c call) {
	hijacker, ok := c.w.(http.Hijacker)
	if !ok {
		say(c.w, http.StatusInternalServerError, "no hijacking")
		return
	}
	if c.Header.Get("Upgrade") != "websocket" {
		say(c.w, http.StatusBadRequest, "no WebSocket")
		return
	}
	conn, buffer, err := hijacker.Hijack()
	if err != nil {
		return
	}
	login := c.by.login
	go func() {
		defer func() { _ = conn.Close() }()
		_, _ = conn.Write([]byte("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"))
		for {
			line, err := buffer.ReadString('\n')
			if err != nil {
				return
			}
			if _, err := conn.Write([]byte(login + " says " + line)); err != nil {
				return
			}
		}
	}()
}
