// The Go peer: net/http, a JWT on each request, and tasks on PostgreSQL (pgx) or SQLite (go-sqlite3).
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"log"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/golang-jwt/jwt"
)

// Task is a row, and what the API gives.
type Task struct {
	ID          int64      `json:"id"`
	Title       string     `json:"title"`
	Description *string    `json:"description"`
	Status      string     `json:"status"`
	Priority    string     `json:"priority"`
	OwnerID     int64      `json:"owner_id"`
	AssigneeID  *int64     `json:"assignee_id"`
	Labels      []string   `json:"labels"`
	DueAt       *time.Time `json:"due_at"`
	Archived    bool       `json:"archived"`
	CompletedAt *time.Time `json:"completed_at"`
	CreatedAt   time.Time  `json:"created_at"`
	UpdatedAt   time.Time  `json:"updated_at"`
	Version     int64      `json:"version"`
}

// NewTask is the body of a POST.
type NewTask struct {
	Title       string     `json:"title"`
	Description *string    `json:"description"`
	Priority    string     `json:"priority"`
	DueAt       *time.Time `json:"due_at"`
}

var errNotFound = errors.New("not found")

type store interface {
	list(ctx context.Context, owner int64, limit int) ([]Task, error)
	get(ctx context.Context, owner, id int64) (Task, error)
	create(ctx context.Context, owner int64, task NewTask) (Task, error)
}

const columns = `id, title, description, status, priority, owner_id, assignee_id, labels, due_at, archived, completed_at,
	created_at, updated_at, version`

type server struct {
	store  store
	secret []byte
	parser *jwt.Parser
}

func main() {
	address := flag.String("listen", "127.0.0.1:8080", "the address to listen on")
	sqlite := flag.String("sqlite", "", "the SQLite file")
	postgres := flag.String("postgres", "", "the URI of the PostgreSQL database")
	flag.Parse()

	var tasks store
	var err error
	if *sqlite != "" {
		tasks, err = openSQLite(*sqlite)
	} else {
		tasks, err = openPostgres(context.Background(), *postgres)
	}
	if err != nil {
		log.Fatal(err)
	}
	s := &server{tasks, []byte(os.Getenv("JWT_SECRET")), jwt.NewParser(jwt.WithValidMethods([]string{"HS256"}))}
	mux := http.NewServeMux()
	mux.HandleFunc("/tasks", s.authenticated(s.collection))
	mux.HandleFunc("/tasks/", s.authenticated(s.one))
	log.Fatal((&http.Server{Addr: *address, Handler: mux, ReadHeaderTimeout: 10 * time.Second}).ListenAndServe())
}

// authenticated checks the signature and the time of the token, and hands on whose it is.
func (s *server) authenticated(next func(http.ResponseWriter, *http.Request, int64)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var claims jwt.RegisteredClaims
		text := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
		_, err := s.parser.ParseWithClaims(text, &claims, func(*jwt.Token) (interface{}, error) { return s.secret, nil })
		user, idErr := strconv.ParseInt(claims.Subject, 10, 64)
		if err != nil || idErr != nil || claims.ExpiresAt == nil {
			answer(w, http.StatusUnauthorized, map[string]string{"error": "unauthorized"})
			return
		}
		next(w, r, user)
	}
}

func (s *server) collection(w http.ResponseWriter, r *http.Request, user int64) {
	switch r.Method {
	case http.MethodGet:
		limit, err := strconv.Atoi(r.URL.Query().Get("limit"))
		if err != nil || limit < 1 || limit > 100 {
			answer(w, http.StatusBadRequest, map[string]string{"error": "limit must be from 1 to 100"})
			return
		}
		tasks, err := s.store.list(r.Context(), user, limit)
		respond(w, http.StatusOK, map[string][]Task{"data": tasks}, err)
	case http.MethodPost:
		var task NewTask
		decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20))
		decoder.DisallowUnknownFields()
		if decoder.Decode(&task) != nil || task.Title == "" || len(task.Title) > 255 {
			answer(w, http.StatusBadRequest, map[string]string{"error": "malformed task"})
			return
		}
		if task.Priority == "" {
			task.Priority = "medium"
		}
		created, err := s.store.create(r.Context(), user, task)
		respond(w, http.StatusCreated, created, err)
	default:
		answer(w, http.StatusMethodNotAllowed, map[string]string{"error": "method not allowed"})
	}
}

func (s *server) one(w http.ResponseWriter, r *http.Request, user int64) {
	id, err := strconv.ParseInt(strings.TrimPrefix(r.URL.Path, "/tasks/"), 10, 64)
	if err != nil {
		answer(w, http.StatusNotFound, map[string]string{"error": "not found"})
		return
	}
	task, err := s.store.get(r.Context(), user, id)
	respond(w, http.StatusOK, task, err)
}

func respond(w http.ResponseWriter, status int, body interface{}, err error) {
	switch {
	case errors.Is(err, errNotFound):
		answer(w, http.StatusNotFound, map[string]string{"error": "not found"})
	case err != nil:
		log.Print(err)
		answer(w, http.StatusInternalServerError, map[string]string{"error": "internal"})
	default:
		answer(w, status, body)
	}
}

func answer(w http.ResponseWriter, status int, body interface{}) {
	bytes, err := json.Marshal(body)
	if err != nil {
		log.Print(err)
		status = http.StatusInternalServerError
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	w.Write(bytes)
}
