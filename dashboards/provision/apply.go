package provision

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"

	"github.com/cenkalti/backoff/v5"
)

// Apply carries the plan out. What cannot be done for one organisation keeps no
// other from being finished, and the next run goes on from there.
func (p *Prepared) Apply(ctx context.Context) error {
	if p.Empty() {
		return nil
	}
	done := p.counter()
	made := p.each(ctx, func(w *wanted) error {
		return p.retry(ctx, func(bool) error { return p.ensure(ctx, w) })
	})
	users := each(ctx, p.opts.Concurrency, p.users, func(s userStep) error {
		api, err := p.server.in(ctx, mainOrganisation)
		if err != nil {
			return err
		}
		return p.retry(ctx, func(bool) error { return s.do(api, p.idOf(s.first)) })
	})
	written := slices.DeleteFunc(slices.Clone(p.wanted), func(w *wanted) bool { return !w.written() })
	filled := p.each(ctx, func(w *wanted) error {
		defer done()
		if w.has.id == 0 { // made has the error
			return nil
		}
		return p.fill(ctx, w)
	})
	p.warnOfAiling(written)
	var removed []error
	for _, o := range p.excess {
		if err := p.remove(ctx, o); err != nil {
			removed = append(removed, fmt.Errorf("organisation %s: %w", o.Name, plain(err)))
		}
	}
	return ended(ctx, errors.Join(made, users, filled, compact(removed)))
}

// counter tells of progress.
func (p *Prepared) counter() func() {
	var lock sync.Mutex
	n := 0
	return func() {
		lock.Lock()
		defer lock.Unlock()
		n++
		if p.opts.Progress != nil {
			p.opts.Progress(n, len(p.wanted))
		}
	}
}

func (p *Prepared) idOf(name string) int64 {
	for _, w := range p.wanted {
		if w.name == name {
			return w.has.id
		}
	}
	return 0
}

// ensure makes an organisation that is not there, and joins one that we are not
// in: only its administrators reach its data sources.
func (p *Prepared) ensure(ctx context.Context, w *wanted) (err error) {
	if w.has.id == 0 {
		server, err := p.server.in(ctx, mainOrganisation)
		if err != nil {
			return err
		}
		id, err := server.NewOrg(w.name)
		if err == nil { // whoever makes one is its administrator
			w.has.id, w.has.joined = id, true
			return nil
		}
		if statusOf(err) != http.StatusConflict {
			return err
		}
		found, err := server.OrgByName(w.name) // made since the plan
		if err != nil {
			return err
		}
		w.has.id = found.ID
	}
	if !w.has.joined {
		return p.again(ctx, w)
	}
	return nil
}

// again reads an organisation and plans it anew.
func (p *Prepared) again(ctx context.Context, w *wanted) (err error) {
	id := w.has.id
	if w.has, err = p.joined(ctx, id, w.uids()); err != nil {
		w.has.id = id
		return err
	}
	w.steps = w.difference(w.has, p.names, p.opts.Prune)
	return nil
}

// joined is what an organisation has, which is joined if need be.
func (p *Prepared) joined(ctx context.Context, id int64, uids []string) (standing, error) {
	has, err := p.server.read(ctx, id, uids)
	if err != nil || has.joined {
		return has, err
	}
	server, err := p.server.in(ctx, mainOrganisation)
	if err != nil {
		return has, err
	}
	if err := (&work{api: server, id: id}).join(p.server.User, admin); err != nil {
		return has, err
	}
	return p.server.read(ctx, id, uids)
}

// fill makes the changes of one organisation, and tries what they came to. From
// the second time on, what stands is read again.
func (p *Prepared) fill(ctx context.Context, w *wanted) error {
	written := w.written()
	err := p.retry(ctx, func(again bool) error {
		if again {
			if err := p.again(ctx, w); err != nil {
				return err
			}
		}
		return p.take(ctx, w)
	})
	w.has.ailment = ""
	if err == nil && written {
		w.has.ailment = p.server.ailing(ctx, w.has.id)
	}
	return err
}

// rounds is how often something is begun with.
const rounds = 3

// retry does something again where Grafana fails or does not answer, or somebody
// else changes the same thing. It may have been done nevertheless.
func (p *Prepared) retry(ctx context.Context, do func(again bool) error) error {
	again := false
	_, err := backoff.Retry(ctx, func() (struct{}, error) {
		err := plain(do(again))
		again = true
		if s := statusOf(err); err != nil && s < 500 && s != http.StatusPreconditionFailed && !errors.Is(err, errAway) {
			err = backoff.Permanent(err)
		}
		return struct{}{}, err
	}, backoff.WithBackOff(p.server.wait()), backoff.WithMaxTries(rounds))
	return err
}

// take takes the steps of one organisation, in order.
func (p *Prepared) take(ctx context.Context, w *wanted) error {
	inside, err := p.server.in(ctx, w.has.id)
	if err != nil {
		return err
	}
	doing := &work{api: inside, id: w.has.id, city: w.city, set: p.set(ctx)}
	for _, s := range w.steps {
		if s.do == nil {
			continue
		}
		if err := s.do(doing); err != nil {
			return fmt.Errorf("%s %s: %w", s.Kind, s.Name, plain(err))
		}
	}
	return nil
}
