// Package kubernetes_test holds that the manifests are what Kubernetes takes, and
// that what they run is what they say. It has nothing but tests.
package kubernetes_test

import (
	"bytes"
	"errors"
	"io"
	"testing"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

// operators are the kinds of Prometheus's operator, whose types are not asked.
const operators = "monitoring.coreos.com"

// built is what kustomize makes of a folder, read as the API server reads it: a
// field that a kind does not have is an error.
func built(t *testing.T, folder string) (objects []runtime.Object) {
	t.Helper()
	made, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), folder)
	if err != nil {
		t.Fatal(err)
	}
	text, err := made.AsYaml()
	if err != nil {
		t.Fatal(err)
	}
	scheme := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{appsv1.AddToScheme, corev1.AddToScheme, networkingv1.AddToScheme, policyv1.AddToScheme} {
		if err := add(scheme); err != nil {
			t.Fatal(err)
		}
	}
	strict := serializer.NewCodecFactory(scheme, serializer.EnableStrict).UniversalDeserializer()
	documents := yaml.NewDocumentDecoder(io.NopCloser(bytes.NewReader(text)))
	document := make([]byte, len(text)+1)
	for {
		n, err := documents.Read(document)
		if errors.Is(err, io.EOF) {
			return objects
		}
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(document[:n], []byte("apiVersion: "+operators)) {
			continue
		}
		object, kind, err := strict.Decode(document[:n], nil, nil)
		if err != nil {
			t.Errorf("%v: %v\n%s", kind, err, document[:n])
			continue
		}
		objects = append(objects, object)
	}
}

// the is the only object of a kind.
func the[Kind runtime.Object](t *testing.T, objects []runtime.Object) Kind {
	t.Helper()
	all := every[Kind](objects)
	if len(all) != 1 {
		t.Fatalf("there are %d of %T", len(all), *new(Kind))
	}
	return all[0]
}

func every[Kind runtime.Object](objects []runtime.Object) (all []Kind) {
	for _, o := range objects {
		if one, ok := o.(Kind); ok {
			all = append(all, one)
		}
	}
	return all
}

func TestManifests(t *testing.T) {
	for _, folder := range []string{"base", "example"} {
		t.Run(folder, func(t *testing.T) {
			objects := built(t, folder)
			deployment := the[*appsv1.Deployment](t, objects)
			pod := deployment.Spec.Template

			for _, o := range objects {
				named, ok := o.(metav1.Object)
				if !ok {
					t.Fatalf("%T has no name", o)
				}
				if _, isNamespace := o.(*corev1.Namespace); !isNamespace && named.GetNamespace() != "citygauge" {
					t.Errorf("%T %s is in the namespace %q", o, named.GetName(), named.GetNamespace())
				}
			}
			if level := the[*corev1.Namespace](t, objects).Labels["pod-security.kubernetes.io/enforce"]; level != "restricted" {
				t.Errorf("the namespace enforces %q", level)
			}
			restricted(t, pod.Spec)

			// Everything that chooses pods chooses these, by ports that they have.
			ports := map[string]bool{}
			for _, p := range pod.Spec.Containers[0].Ports {
				ports[p.Name] = true
			}
			for _, s := range every[*corev1.Service](objects) {
				chooses(t, s.Name, s.Spec.Selector, pod.Labels)
				for _, p := range s.Spec.Ports {
					if !ports[p.TargetPort.String()] {
						t.Errorf("the service %s leads to the port %s, which the pod does not have", s.Name, p.TargetPort.String())
					}
				}
			}
			if budget := the[*policyv1.PodDisruptionBudget](t, objects).Spec; budget.Selector == nil {
				t.Error("the disruption budget is for no pod")
			} else {
				chooses(t, "the disruption budget", budget.Selector.MatchLabels, pod.Labels)
			}
			network := the[*networkingv1.NetworkPolicy](t, objects).Spec
			chooses(t, "the network policy", network.PodSelector.MatchLabels, pod.Labels)
			if len(network.PolicyTypes) != 2 || len(network.Ingress) == 0 || len(network.Egress) == 0 {
				t.Errorf("the network policy is %+v", network)
			}
			for _, rule := range network.Ingress {
				if len(rule.From) == 0 {
					t.Error("the network policy lets everybody in")
				}
				for _, p := range rule.Ports {
					if !ports[p.Port.String()] {
						t.Errorf("the network policy opens the port %s, which the pod does not have", p.Port)
					}
				}
			}
			account := the[*corev1.ServiceAccount](t, objects)
			if pod.Spec.ServiceAccountName != account.Name {
				t.Errorf("the pod runs as %s, and there is %s", pod.Spec.ServiceAccountName, account.Name)
			}
		})
	}
}

func chooses(t *testing.T, what string, selector, pod map[string]string) {
	t.Helper()
	if len(selector) == 0 || !labels.SelectorFromSet(selector).Matches(labels.Set(pod)) {
		t.Errorf("%s chooses %v, and the pod is %v", what, selector, pod)
	}
}

// restricted is what the level of this name of the pod security standards asks,
// and what citygauge can do without beyond it.
func restricted(t *testing.T, pod corev1.PodSpec) {
	t.Helper()
	if s := pod.SecurityContext; s == nil || s.RunAsNonRoot == nil || !*s.RunAsNonRoot || s.RunAsUser == nil || *s.RunAsUser == 0 ||
		s.SeccompProfile == nil || s.SeccompProfile.Type != corev1.SeccompProfileTypeRuntimeDefault {
		t.Errorf("the pod may be %+v", pod.SecurityContext)
	}
	if pod.HostNetwork || pod.HostPID || pod.HostIPC || pod.AutomountServiceAccountToken == nil || *pod.AutomountServiceAccountToken {
		t.Error("the pod shares the host's namespaces, or has a token of the cluster")
	}
	for _, v := range pod.Volumes {
		if v.Secret == nil && v.EmptyDir == nil {
			t.Errorf("the volume %s is neither a secret nor empty", v.Name)
		}
	}
	for _, c := range append(append([]corev1.Container{}, pod.InitContainers...), pod.Containers...) {
		s := c.SecurityContext
		if s == nil || s.AllowPrivilegeEscalation == nil || *s.AllowPrivilegeEscalation || s.ReadOnlyRootFilesystem == nil || !*s.ReadOnlyRootFilesystem ||
			s.Capabilities == nil || len(s.Capabilities.Drop) != 1 || s.Capabilities.Drop[0] != "ALL" || len(s.Capabilities.Add) > 0 {
			t.Errorf("%s may %+v", c.Name, s)
		}
		for _, resource := range []corev1.ResourceName{corev1.ResourceCPU, corev1.ResourceMemory} {
			if c.Resources.Requests.Name(resource, "").IsZero() || c.Resources.Limits.Name(resource, "").IsZero() {
				t.Errorf("%s asks for no %s, or has no limit of it", c.Name, resource)
			}
		}
		for _, m := range c.VolumeMounts {
			if !has(pod.Volumes, m.Name) {
				t.Errorf("%s mounts %s, which is not there", c.Name, m.Name)
			}
		}
		for _, e := range c.Env {
			if e.ValueFrom != nil {
				t.Errorf("%s has %s from elsewhere: a secret belongs in a file", c.Name, e.Name)
			}
		}
	}
}

func has(volumes []corev1.Volume, name string) bool {
	for _, v := range volumes {
		if v.Name == name {
			return true
		}
	}
	return false
}
